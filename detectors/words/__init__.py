"""What single words tell: nothing, too little to know, or what an institution's own lists say."""
